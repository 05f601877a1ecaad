// Between the browser and a server: counts every byte, loses answers, cuts the line, plays another release.
import { createServer } from "node:http";
import http from "node:http";
import net from "node:net";

const listening = (server) => new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));

// Passes bytes on and counts them, both ways.
export class Line {
  bytes = 0;
  cut = false;
  sockets = new Set();

  static async to(origin) {
    const line = new Line();
    const { port } = new URL(origin);
    line.server = net.createServer((near) => {
      if (line.cut) return near.destroy();
      const far = net.connect(Number(port), "127.0.0.1");
      line.sockets.add(near).add(far);
      for (const [from, to] of [[near, far], [far, near]]) {
        from.on("data", (data) => {
          line.bytes += data.length;
          if (line.limit !== undefined && (line.limit -= data.length) < 0) line.hangUp();
          else to.write(data);
        });
        from.on("error", () => to.destroy());
        from.on("close", () => to.destroy());
      }
    });
    line.origin = `http://localhost:${await listening(line.server)}`;
    return line;
  }

  // The network is gone, in the middle of whatever is on the way; with `after`, once so many bytes have passed.
  hangUp() {
    this.cut = true;
    this.limit = undefined;
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  come() {
    this.cut = false;
  }

  close() {
    this.hangUp();
    this.server.close();
  }
}

// Answers as the server does, but for what `change(path, text)` makes of a text and `refuse(path)` refuses.
export class Release {
  static async of(origin, { change = (_, text) => text, rename = (path) => path, refuse = () => false }) {
    const release = new Release();
    release.asked = [];
    release.server = createServer((request, response) => {
      release.asked.push(request.url);
      if (refuse(request.url)) return response.writeHead(404).end();
      const chunks = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        const headers = { ...request.headers, "accept-encoding": "identity" };
        const { port } = new URL(origin);
        const asked = http.request({ port, path: rename(request.url), method: request.method, headers, host: "127.0.0.1" }, (answer) => {
          const parts = [];
          answer.on("data", (part) => parts.push(part));
          answer.on("end", () => {
            const body = Buffer.concat(parts);
            const text = /html|javascript|json/.test(answer.headers["content-type"] ?? "");
            const changed = text ? Buffer.from(change(request.url, body.toString())) : body;
            const kept = { ...answer.headers };
            for (const name of ["content-length", "transfer-encoding", "connection"]) delete kept[name];
            if (kept.etag && text) kept.etag = `"${changed.length}-${kept.etag.slice(1)}`;
            response.writeHead(answer.statusCode, { ...kept, "content-length": changed.length }).end(changed);
          });
        });
        asked.on("error", () => response.destroy());
        asked.end(Buffer.concat(chunks));
      });
    });
    release.origin = `http://localhost:${await listening(release.server)}`;
    return release;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
