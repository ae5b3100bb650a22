import { relayPorts } from './port-relay.ts';

// The phone page asks main for nothing: it only receives the ports of UI windows.
relayPorts();
