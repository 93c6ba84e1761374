import { SetMetadata } from "@nestjs/common";

export const IS_PUBLIC = "isPublic";

/** Marks a route that your global guard must allow. */
export const Public = () => SetMetadata(IS_PUBLIC, true);
