import { createServer, type Server } from "node:http";
import type { Receiver } from "@abstrakt-webhooks/core";
import { abstraktWebhook as onNode } from "@abstrakt-webhooks/express";
import { abstraktWebhook as onHono } from "@abstrakt-webhooks/hono";
import { abstraktWebhook as onNext } from "@abstrakt-webhooks/next";
import { createAdaptorServer } from "@hono/node-server";
import express from "express";
import { Hono } from "hono";
import { express4 } from "./express-4.ts";

const PATH = "/api/abstrakt-webhook";
const honoApp = (receiver: Receiver) => new Hono().all(PATH, onHono(receiver));

/** Every way of mounting a receiver on a server of this process. */
export const servers = {
  "Express 4": (receiver) => createServer(express4().all(PATH, onNode(receiver))),
  "Express 5": (receiver) => createServer(express().all(PATH, onNode(receiver))),
  "bare node:http": (receiver) => createServer(onNode(receiver)),
  "Hono on @hono/node-server": (receiver) =>
    createAdaptorServer({ fetch: honoApp(receiver).fetch }) as Server,
} satisfies Record<string, (receiver: Receiver) => Server>;

/** Every way of calling a receiver in process. */
export const handlers = {
  "receiver.fetch": (receiver) => (request) => receiver.fetch(request),
  "Hono in process": (receiver) => {
    const app = honoApp(receiver);
    return (request) => app.fetch(request);
  },
  "Next's handler in process": (receiver) => onNext(receiver),
} satisfies Record<
  string,
  (receiver: Receiver) => (request: Request) => Promise<Response> | Response
>;
