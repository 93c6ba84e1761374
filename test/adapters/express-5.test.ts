import { createServer } from "node:http";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import express from "express";
import { bootServer } from "./boot-server.ts";
import { runSuites } from "./suites.ts";

runSuites(
  "Express 5",
  bootServer((receiver) =>
    createServer(express().all("/api/abstrakt-webhook", abstraktWebhook(receiver))),
  ),
);
