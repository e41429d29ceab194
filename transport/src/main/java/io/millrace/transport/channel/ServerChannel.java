package io.millrace.transport.channel;

/** What a listener accepts streams of bytes from. */
public interface ServerChannel extends Acceptor<IncomingChannel> {}
