/** @type {import("jest").Config} */
export const testEnvironment = "node";
export const fakeTimers = { enableGlobally: true };
export const testMatch = ["**/*.check.js"];
export const transform = {};
