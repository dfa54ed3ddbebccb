const TEXTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: "can't assign requested address",
  EACCES: 'permission denied',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  ENOTFOUND: 'host or service not provided, or not known',
  ETIMEDOUT: 'timeout',
};

/** A failure in LuaSocket's words. */
export const socketErrorText = (error: Error & { code?: string }): string =>
  TEXTS[error.code ?? ''] ?? error.message.toLowerCase();
