/**
 * Duty cycles. A {@link io.millrace.transport.agent.ConnectionAgent} composes a channel, perhaps a TLS engine, a framing
 * protocol, an outbound ring and a handler; one thread at a time drives it. Senders touch its lane, its
 * requests and its doorbell, and nothing else.
 *
 * <pre>
 *  senders --SendLane, Framing--&gt; RingCell --region--&gt; Outbound --&gt; Pipe (plain or TLS) --&gt; channel
 *                                                      ControlLane --^ (heartbeats)
 *          handler &lt;--Callbacks-- Receiver &lt;--messages-- Inbound &lt;-- Pipe &lt;-- channel
 *           puller &lt;--Puller, PullLane------'   (instead of the handler's messages)
 *  any thread --Requests--&gt; agent --Lifecycle--&gt; state, CounterCells --&gt; any thread
 * </pre>
 *
 * <p>A {@link io.millrace.transport.Conversation}, such as a WebSocket's, lies between the pipe and all of that, as a
 * {@code ConversationPipe}: its opening is part of the handshake, its farewell of the end, and its control frames take the
 * control lane.
 *
 * <p>Over an engine that carries messages there is no ring, framing or pipe: a {@code MessageAgent} drives the connection.
 *
 * <pre>
 *  senders --MessageLane, SenderGate--&gt; MessageSender (the engine's)
 *          handler or puller &lt;-- MessageReceiver &lt;-- MessageChannel
 * </pre>
 *
 * What both kinds have in common stands in {@code ConnectionFace}, {@code CommonLane}, {@code CommonAgent}, {@code
 * CommonEnding}, {@code CommonEvents} and {@code CommonParts}.
 *
 * <p>The {@code SenderGate} knows when the last sender is out: only then the channel is touched by the one that ends it.
 *
 * <p>A puller is one more thread, which touches its lane and the doorbell only. While its ring is full, the connection does
 * not read.
 *
 * <p>Beside moving bytes a turn asks {@code Flow} whether senders are to be told of room, and {@code Timers} what
 * time has brought about.
 *
 * <p>An {@link io.millrace.transport.agent.AcceptorAgent} lets peers in and keeps no thread but its own; a
 * {@link io.millrace.transport.agent.ReconnectAgent} waits for all connections that are to be made again, and begins their
 * attempts. Each tells the others through a state or a doorbell, and nobody holds anything.
 *
 * <p>{@link io.millrace.transport.agent.Dialing} makes the channels and TLS sides of connections that are asked for. A
 * {@link io.millrace.transport.agent.Launcher} makes the agents of connections, and a
 * {@link io.millrace.transport.agent.Driver} gives all agents their thread: a platform thread each, which sleeps on a selector
 * of its own; a virtual thread each, which sleeps until one {@code PollerAgent} or a sender wakes it; or the one thread that invokes,
 * which never sleeps here. Of the first two a thread is let go when a connection is silent for long: the poller watches its socket,
 * and another thread is found instead of waking it.
 */
package io.millrace.transport.agent;
