package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Protocol;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.MessageChannel;
import io.millrace.transport.frame.LengthPrefixProtocol;
import io.millrace.transport.tls.TlsSide;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.NanoClock;

/**
 * Makes the agents of a transport's connections, keeps them in their set as long as they live, and has them driven. Any
 * thread; lock-free, apart from starting a thread.
 */
public final class Launcher {
    private final NanoClock clock;
    private final TransportCounters counters;
    private final Driver driver;
    private final BufferPool buffers = new BufferPool();
    private final ConnectionSet connections = new ConnectionSet();
    private final AtomicLong nextId = new AtomicLong(1);
    private volatile Protocol lengthPrefix;
    private volatile boolean closed;

    /**
     * Makes a launcher of nothing yet.
     *
     * @param clock    for all deadlines.
     * @param counters of the transport.
     * @param driver   of all agents.
     */
    public Launcher(final NanoClock clock, final TransportCounters counters, final Driver driver) {
        this.clock = clock;
        this.counters = counters;
        this.driver = driver;
    }

    /**
     * The connections that live.
     *
     * @return the set, which goes on changing.
     */
    public ConnectionSet connections() {
        return connections;
    }

    /**
     * A number that no other connection or group of this transport has.
     *
     * @return the number.
     */
    public long nextId() {
        return nextId.getAndIncrement();
    }

    /**
     * Makes a connection and has it driven.
     *
     * @param group    in the set.
     * @param settings that are concluded.
     * @param channel  to the peer; closed with the connection, or if this throws.
     * @param tls      this side's; empty for none.
     * @param handler  of what happens.
     * @param owner    told of opening and of the end, even if this throws after the connection was made.
     * @return the connection's agent.
     */
    public ConnectionAgent launch(
            final String group,
            final ConnectionContext settings,
            final ConnectionChannel channel,
            final Optional<TlsSide> tls,
            final ConnectionHandler handler,
            final ConnectionOwner owner) {
        final Member member = new Member(group, connections, owner);
        final ConnectionAgent agent;
        try {
            agent = new ConnectionAgent(
                    nextId(),
                    clock,
                    settings,
                    settings.protocol().orElseGet(() -> lengthPrefix(settings.maxMessageLength())),
                    counters,
                    buffers,
                    channel,
                    tls,
                    handler,
                    member);
        } catch (final RuntimeException | Error ex) {
            channel.close();
            throw ex;
        }
        launch(member, agent);
        return agent;
    }

    /** One for all connections, as long as they agree. */
    private Protocol lengthPrefix(final int maxMessageLength) {
        Protocol shared = lengthPrefix;
        if (shared == null || shared.maxMessageLength() != maxMessageLength) {
            shared = new LengthPrefixProtocol(maxMessageLength);
            lengthPrefix = shared;
        }
        return shared;
    }

    /**
     * Makes a connection of messages and has it driven.
     *
     * @param group    in the set.
     * @param settings that are concluded.
     * @param channel  to the peer; closed with the connection, or if this throws.
     * @param handler  of what happens.
     * @param owner    told of opening and of the end, even if this throws after the connection was made.
     * @return the connection's agent.
     */
    public MessageAgent launch(
            final String group,
            final ConnectionContext settings,
            final MessageChannel channel,
            final ConnectionHandler handler,
            final ConnectionOwner owner) {
        final Member member = new Member(group, connections, owner);
        final MessageAgent agent;
        try {
            agent = new MessageAgent(nextId(), clock, settings, counters, channel, handler, member);
        } catch (final RuntimeException | Error ex) {
            channel.close();
            throw ex;
        }
        launch(member, agent);
        return agent;
    }

    private void launch(final Member member, final DrivenConnection agent) {
        member.onMade(agent);
        if (closed) {
            agent.abort(CloseReason.TRANSPORT_CLOSE);
        }
        start(agent);
    }

    /**
     * Has another agent of the transport driven.
     *
     * @param agent that nobody drives yet; closed if this throws.
     */
    public void start(final DrivenAgent agent) {
        driver.start(agent);
    }

    /**
     * Who drives all agents.
     *
     * @return the driver.
     */
    public Driver driver() {
        return driver;
    }

    /**
     * Whether all buffers are back, once it is closed and nothing lives. Known only where assertions are on: for them.
     *
     * @return false if one was kept.
     */
    public boolean leaksNothing() {
        return !connections.all().isEmpty() || buffers.lent() == 0;
    }

    /** What is launched from here on is ended at once. Idempotent. */
    public void close() {
        closed = true;
        driver.close();
    }

    /**
     * Whether it is closed.
     *
     * @return true for good after {@link #close()}.
     */
    public boolean isClosed() {
        return closed;
    }

    /** Keeps a connection in its group as long as it lives. */
    private record Member(String group, ConnectionSet connections, ConnectionOwner owner) implements ConnectionOwner {
        @Override
        public void onMade(final DrivenConnection agent) {
            connections.add(group, agent);
            owner.onMade(agent);
        }

        @Override
        public void onOpen(final DrivenConnection agent) {
            owner.onOpen(agent);
        }

        @Override
        public void onThreadLost(final DrivenConnection agent) {
            owner.onThreadLost(agent);
        }

        @Override
        public boolean replaces(final DrivenConnection agent, final CloseReason reason) {
            return owner.replaces(agent, reason);
        }

        @Override
        public void onEnd(final DrivenConnection agent) {
            connections.remove(group, agent);
            owner.onEnd(agent);
        }
    }
}
