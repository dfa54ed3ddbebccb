import { LUA_VERSIONS } from '../../lua/support/lua-versions.js';
import { MachineProcess } from '../../lua/support/machine-process.js';
import { describeConnector } from './describe-connector.js';

for (const { command, sockets } of LUA_VERSIONS) {
  describeConnector(
    `causeway-bizhawk.lua in ${command} with LuaSocket`,
    () => MachineProcess.open({ lua: command, binary: command === 'lua5.4' }),
    {
      skip: !sockets,
    },
  );
}
