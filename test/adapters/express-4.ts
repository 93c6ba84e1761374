import { createRequire } from "node:module";
import type express from "express";

// The package comes without types. What the tests use is the same in both versions.
export const express4 = createRequire(import.meta.url)("express4") as typeof express;
