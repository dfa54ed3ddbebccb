import { describe, expect, it } from 'vitest';
import { addressesFrom } from './environment-addresses.js';

describe('addresses from the environment', () => {
  it('stay at their defaults where nothing is said', () => {
    expect(addressesFrom({})).toEqual({});
    expect(addressesFrom({ SNI_RETROARCH_HOSTS: '', SNI_EMUNW_HOSTS: ' , ', NWA_PORT_RANGE: ' ' })).toEqual({});
  });

  it('are read from the names SNI uses', () => {
    const env = {
      SNI_RETROARCH_HOSTS: 'localhost, 192.168.0.7:55356,[::1]:1',
      SNI_EMUNW_HOSTS: 'deck:48880',
      SNI_USB2SNES_LISTEN_ADDRS: '0.0.0.0:23075,:8080',
      SNI_GRPC_LISTEN_PORT: '8192',
    };
    expect(addressesFrom(env)).toEqual({
      retroarch: [
        { host: 'localhost', port: 55355 },
        { host: '192.168.0.7', port: 55356 },
        { host: '::1', port: 1 },
      ],
      nwa: [{ host: 'deck', port: 48880 }],
      usb2snesPorts: [23075, 8080],
      grpc: [{ host: '127.0.0.1', port: 8192 }],
    });
  });

  it('count NWA ports from the first, and stop at the last there is', () => {
    const portsFrom = (text: string) => addressesFrom({ NWA_PORT_RANGE: text }).nwa?.map(({ port }) => port);
    expect(portsFrom('50000')).toEqual([50000, 50001, 50002, 50003, 50004, 50005, 50006, 50007, 50008, 50009]);
    expect(portsFrom('0xbeef')?.[0]).toBe(48879);
    expect(portsFrom('65534')).toEqual([65534, 65535]);
  });

  it.each([
    { SNI_RETROARCH_HOSTS: 'a b' },
    { SNI_RETROARCH_HOSTS: 'host:0' },
    { SNI_EMUNW_HOSTS: 'host:99999' },
    { NWA_PORT_RANGE: 'x' },
    { NWA_PORT_RANGE: '70000' },
    { SNI_USB2SNES_LISTEN_ADDRS: 'host' },
    { SNI_GRPC_LISTEN_PORT: '-1' },
  ])('refuse %j, by name', (env: Record<string, string>) => {
    const [[name, value] = ['', '']] = Object.entries(env);
    expect(() => addressesFrom(env)).toThrowError(
      expect.objectContaining({
        code: 'usage',
        message: expect.stringContaining(`${name} holds no address: ${value}`),
      }),
    );
  });
});
