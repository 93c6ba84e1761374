import { completionCommand } from "./commands/completion.ts";
import { devCommand } from "./commands/dev.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { jobsExport } from "./commands/jobs-export.ts";
import { jobsList } from "./commands/jobs-list.ts";
import { jobsRedrive } from "./commands/jobs-redrive.ts";
import { jobsShow } from "./commands/jobs-show.ts";
import { jobsStats } from "./commands/jobs-stats.ts";
import { mintCommand } from "./commands/mint.ts";
import { referenceCommand } from "./commands/reference.ts";
import { replayCommand } from "./commands/replay.ts";
import { triggerCommand } from "./commands/trigger.ts";
import type { Command } from "./definition/command.ts";

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  devCommand,
  triggerCommand,
  replayCommand,
  doctorCommand,
  jobsList,
  jobsShow,
  jobsRedrive,
  jobsExport,
  jobsStats,
  mintCommand,
  completionCommand(() => commands),
  referenceCommand(() => commands),
];
