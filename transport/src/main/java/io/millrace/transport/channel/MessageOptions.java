package io.millrace.transport.channel;

import org.agrona.concurrent.NanoClock;

/**
 * How a {@link MessageChannel} is set up. Immutable.
 *
 * @param maxMessageLength longest message, sent or received, in bytes.
 * @param outboundCapacity bytes to take before senders are told that there is no room, as near as the engine comes to it.
 * @param connectTimeoutNs how long connecting may take.
 * @param clock            for that.
 */
public record MessageOptions(int maxMessageLength, int outboundCapacity, long connectTimeoutNs, NanoClock clock) {}
