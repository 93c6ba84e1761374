import { page } from "../../../page.ts";

/** Next.js: the page and everything below it. */
export const GET = page.fetch;
export const POST = page.fetch;
