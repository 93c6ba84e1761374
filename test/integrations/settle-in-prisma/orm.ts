import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";
import type { Open } from "../settle-in/suite.ts";
import { PrismaClient } from "./generated/client.ts";
import { saveImage } from "./save-image.ts";

export const prismaOnPostgres: Open = (address) => {
  const pool = new Pool({ connectionString: address, max: 8 });
  const schema = /search_path=(\w+)/.exec(decodeURIComponent(address))?.[1] ?? "public";
  const adapter = new PrismaPg({ connectionString: address }, { schema });
  const prisma = new PrismaClient({ adapter });
  return {
    store: postgresStore({ client: pool }),
    save: (job, ctx) => saveImage(prisma, job, ctx),
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
};
