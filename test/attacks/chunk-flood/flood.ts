import { connect, type Socket } from "node:net";

const SENT_BYTES = 6_000_000;
/** One chunk of one byte, as chunked encoding writes it. */
const CHUNK = "1\r\n \r\n";
/** Many chunks, made once, so that sending them is cheap for the sender. */
const PIECE = Buffer.from(CHUNK.repeat(1_000));
const PIECE_BYTES = PIECE.length / CHUNK.length;
const HEAD = "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n";

/** Sends 6 MB in chunks of one byte, whatever the answer, and resolves with the status. */
export async function sendTinyChunks(port: number): Promise<string | undefined> {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.setEncoding("latin1").on("data", (text: string) => (received += text));
  // The server may close the connection of such a sender.
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.write(HEAD);
  send(socket);
  await closed;
  return /^HTTP\/1.1 (\d+)/.exec(received)?.[1];
}

function send(socket: Socket, leftBytes = SENT_BYTES): void {
  if (leftBytes <= 0) return void socket.end();
  if (socket.writable) socket.write(PIECE, () => send(socket, leftBytes - PIECE_BYTES));
}
