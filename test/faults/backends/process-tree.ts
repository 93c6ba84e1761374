import { execFileSync } from "node:child_process";

/** Sends a signal to a process and to all its descendants, the parent first. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  for (const one of treeOf(pid)) {
    try {
      process.kill(one, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

function treeOf(root: number): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).split("\n");
  const processes = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [root];
  // The list grows while the loop walks it.
  for (const parent of tree) {
    for (const [pid, ppid] of processes) if (ppid === parent && pid !== undefined) tree.push(pid);
  }
  return tree;
}
