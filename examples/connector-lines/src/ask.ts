// #region ask
import { connect } from 'node:net';
import * as connector from '@causeway/protocol/connector';

/** Sends one line of requests and returns the answer to each. */
export const ask = async (port: number, requests: readonly connector.ConnectorRequest[]) => {
  const socket = connect(port, '127.0.0.1');
  const decoder = new connector.LineDecoder({ maxBytes: 1024 * 1024 });
  socket.write(`${connector.VERSION_LINE}\n${connector.encodeRequests(requests)}\n`);
  const lines: string[] = [];
  for await (const chunk of socket) {
    lines.push(...decoder.push(chunk)); // whole lines, however the bytes were cut on their way
    const [version, answers] = lines;
    if (version !== undefined && connector.decodeVersion(version) !== connector.CONNECTOR_VERSION) break;
    if (answers !== undefined) return connector.decodeResponses(answers); // leaving the loop closes the socket
  }
  throw new Error('This is no connector of version 1.');
};
// #endregion ask
