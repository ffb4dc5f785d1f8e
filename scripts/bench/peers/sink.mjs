// A server that accepts uploads and drops them, with as little work as possible: it reads the head of the request, counts
// the body, answers 200 and closes. Prints its port. It ends when its standard input does.
import { createServer } from 'node:net';

const HEAD_END = '\r\n\r\n';

const server = createServer((socket) => {
  let head = '';
  let left = -1;
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    if (left < 0) {
      head += chunk.toString('latin1');
      const end = head.indexOf(HEAD_END);
      if (end < 0) return;
      left = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0) - (head.length - end - HEAD_END.length);
      if (/expect: *100-continue/i.test(head)) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    } else {
      left -= chunk.length;
    }
    if (left === 0) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
});

server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on('end', () => process.exit(0)).resume();
