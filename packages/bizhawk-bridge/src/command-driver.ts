import type { DriverOptions } from '@causeway/bridge/cli';
import { parseNumber } from '@causeway/bridge/cli';
import type { Driver } from '@causeway/bridge/device';
import { CONNECTOR_PORTS } from '@causeway/protocol/connector';
import { createBizHawkDriver } from './bizhawk-driver.js';

const MOST_PORTS = 65_535;

/** The variables a player sets for the connector script mean the same here, so that both find each other. */
export const createCommandDriver = ({ env }: DriverOptions): Driver => {
  const { CAUSEWAY_PORT: port, CAUSEWAY_TOKEN: token } = env;
  const chosen = port ? [parseNumber(port, 'CAUSEWAY_PORT', { min: 1, max: MOST_PORTS })] : [];
  return createBizHawkDriver({
    ports: [...new Set([...chosen, ...CONNECTOR_PORTS])],
    ...(token ? { token } : {}),
  });
};
