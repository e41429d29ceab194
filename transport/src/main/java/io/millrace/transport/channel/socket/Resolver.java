package io.millrace.transport.channel.socket;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks names up; blocks for that. */
@FunctionalInterface
interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
}
