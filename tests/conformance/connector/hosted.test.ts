import { describeConnector } from './describe-connector.js';
import { HostedMachine } from './hosted-machine.js';

describeConnector('causeway-bizhawk.lua in our emulator host', HostedMachine.open);
