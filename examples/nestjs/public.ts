import { SetMetadata } from "@nestjs/common";

export const IS_PUBLIC = "isPublic";

/** Marks a route that your global guard lets through. */
export const Public = () => SetMetadata(IS_PUBLIC, true);
