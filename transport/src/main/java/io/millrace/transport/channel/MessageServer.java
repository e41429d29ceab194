package io.millrace.transport.channel;

/** What a listener accepts peers from that send messages. */
public interface MessageServer extends Acceptor<IncomingMessages> {}
