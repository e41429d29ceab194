/**
 * Aeron behind the transport's API: messages over shared memory between processes of one machine, and over reliable UDP with
 * flow and congestion control between machines, by an engine that exists and is proven. Nobody else carries it: it is a module of
 * its own, and wants a flag of the JVM, {@code --add-opens java.base/jdk.internal.misc=ALL-UNNAMED} (on the module path
 * {@code =org.agrona}), without which it says so at the first use.
 *
 * <p><b>Nothing here is encrypted or authenticated.</b> Whoever reaches the port, or may read and write the driver's directory,
 * can listen in and speak. Use it between processes of one machine, or machines of a network that you trust; over anything
 * else use {@code tls}, which also takes fewer cores where few messages come.
 *
 * <h2>URIs</h2>
 *
 * <pre>
 *  aeron:ipc                                    processes that use one driver
 *  aeron:udp?endpoint=host:port                 to listen, port 0 for any; to connect, what the listener's uri() says
 *  aeron:udp?endpoint=host:40456&amp;control=host:40457&amp;term-length=4m
 * </pre>
 *
 * Parameters are set off by {@code &} (Aeron's own {@code |} is not legal in a {@link java.net.URI}, and is taken as
 * {@code %7C}): {@code stream-id}, the first of three that a listener takes; {@code control}, where the server answers from, by
 * default the port behind the endpoint's, or with port 0 any; {@code term-length} and {@code mtu}; and of Aeron's, passed on, {@code alias, cc,
 * interface, linger, max-resend, nak-delay, rcv-wnd, so-rcvbuf, so-sndbuf, sparse, ttl}.
 *
 * <h2>Publishers and subscribers</h2>
 *
 * <pre>
 *  connect aeron:ipc?stream-id=50&amp;role=publish           a connection that sends to all who hear, and hears nothing
 *  connect aeron:ipc?stream-id=50&amp;role=subscribe         a connection that hears all who publish, and sends nothing
 *  connect aeron:udp?endpoint=224.0.1.1:40456&amp;role=...   by multicast; or to many destinations:
 *          aeron:udp?control=host:40456&amp;control-mode=dynamic&amp;fc=max&amp;role=publish
 *          aeron:udp?control=host:40456&amp;control-mode=dynamic&amp;endpoint=host:0&amp;role=subscribe
 * </pre>
 *
 * While nobody hears, an offer answers {@link io.millrace.transport.Connection#NOT_CONNECTED}. Who comes late hears what is sent
 * from then on. The slowest subscriber holds the publisher up ({@code BACK_PRESSURED}), unless it says {@code tether=false}: then
 * the driver lets go of one that is a window behind, and it joins again further on
 * ({@link io.millrace.transport.aeron.SubscriptionListener}); over multicast and to many destinations it is the publisher's
 * flow control that says who is waited for: {@code fc=max}, {@code min} or {@code tagged}. Nobody tells a publisher what was taken:
 * of its close report, flushed is what its driver has.
 *
 * <h2>How it works</h2>
 *
 * <pre>
 *  sender threads --SenderGate, AeronSender--&gt; publication ==log==&gt; [driver ==UDP==&gt; driver] ==log==&gt; image
 *                                                                    image --&gt; AeronStreams --&gt; handler or puller
 * </pre>
 *
 * A listener subscribes to one stream, on which clients knock with the number of a session. The connection that comes of it
 * subscribes to that session alone and answers by a response channel of Aeron's, so that each client has a connection, two
 * logs, and flow control of its own. Senders write to the log themselves, many at once, and get Aeron's codes, whose
 * values are {@link io.millrace.transport.Connection}'s; there is no ring and no copy between, and a claim is room in the
 * log. The room is {@link io.millrace.transport.ConnectionContext#outboundCapacity()} as near as a term allows.
 *
 * <p>Each connection and each listener has a client of Aeron's of its own, whose conductor its one thread runs between turns: what
 * that thread looks at is unmapped by nobody else. The only others are the senders, and they are out before the client is
 * closed: so nobody touches memory that is gone, whatever dies. What a handler is given, and what a claim, is the log itself: who
 * keeps it finds it empty when the connection has ended. A slice or a duplicate of it nobody empties: to touch one then ends the JVM.
 *
 * <p>An end says how many messages there were, and is answered with how many were taken: of a
 * {@link io.millrace.transport.CloseReport}, flushed is what the peer has taken, which is what its handler or puller was given, the
 * message at which a handler threw among it, and what came while it closed in order. Who cuts off says what it has taken before it
 * does, and who is cut off stops at once and still answers. That word does not come through if the peer's process dies, or is not
 * given a processor for a second so that its answer comes too late; if there is no room for it, because what was sent before is
 * not taken; or if its datagram is lost. Then flushed is what the peer last told, ten times a second: it may have taken some
 * more, and the report's detail says that it has not said. Over UDP a cut of which no word came is told by the driver's
 * heartbeat, a tenth of a second later.
 *
 * <p>Sleeping: nobody wakes a thread when a message is there, so it looks, after an eighth of the time for which nothing has
 * come, and at least every {@link io.millrace.transport.aeron.AeronContext#maxParkNs()}.
 * {@link io.millrace.transport.Waiting#ADAPTIVE} spins and yields before each sleep, however long the last ones were;
 * {@link io.millrace.transport.Waiting#SPINNING} and {@link io.millrace.transport.Waiting#YIELDING} look all the time.
 *
 * <p>A handler that blocks for longer than the driver's client timeout, or an invoker that is not invoked, loses its connection.
 *
 * <h2>In production</h2>
 *
 * Run the driver in a process of its own ({@code io.aeron.driver.MediaDriver}, or Aeron's in C) and name its directory by
 * {@link io.millrace.transport.aeron.AeronContext#directory}: then it outlives whoever crashes, and its threads and memory can be
 * placed. The directory belongs on memory, as {@code /dev/shm} is, with room for three terms and a page for each
 * publication and each image, eight times the longest message or more each; it should be readable by the driver's users only.
 * Where others write to the same file system, let the driver take the memory of its logs when it makes them
 * ({@link io.millrace.transport.aeron.AeronContext#sparseLogs}, Aeron's {@code aeron.term.buffer.sparse.file}).
 * With cores to spare give it {@code DEDICATED} threads that spin; with few, {@code SHARED} and a back-off, which is what a
 * driver in this process does. Look at it with Aeron's {@code AeronStat}, {@code ErrorStat} and {@code LossStat}; the counters that
 * begin with {@code millrace listener} say who listens. Set {@code net.core.rmem_max} and {@code wmem_max} to 2 MiB or more for
 * UDP.
 *
 * <p>Aeron's Archive (streams on disk, from which late joiners are replayed) and Cluster (replicated state machines) are clients
 * of the same driver. They come in beside this: an archive can record the streams of a listener, for they are Aeron's own, and a
 * cluster's ingress and egress could be one more way to connect.
 */
package io.millrace.transport.aeron;
