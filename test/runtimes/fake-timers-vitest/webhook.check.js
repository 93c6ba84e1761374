import { memoryStore } from "@abstrakt-webhooks/core";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { expect, it, vi } from "vitest";
import { registerFakeTimers } from "../fake-timers.js";

registerFakeTimers({ it, expect, timers: vi }, { memoryStore, abstraktWebhook, sqliteStore });
