import { createRequire } from "node:module";
import type express from "express";

// The package has no types. The parts that the tests use are the same in both versions.
export const express4 = createRequire(import.meta.url)("express4") as typeof express;
