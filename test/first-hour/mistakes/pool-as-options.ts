import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import pg from "pg";

// A compiler would report it too.
postgresStore(new pg.Pool() as never);
