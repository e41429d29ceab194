package io.millrace.transport.agent;

import io.millrace.ring.Parker;
import io.millrace.transport.channel.socket.PolledParker;
import io.millrace.transport.channel.socket.SharedPoller;
import java.io.UncheckedIOException;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;

/** The duty cycle of a {@link SharedPoller}, which sleeps in the selector. */
final class PollerAgent implements Agent {
    private static final System.Logger LOGGER = System.getLogger(PollerAgent.class.getName());

    private final SharedPoller poller;
    private String reason = "its thread was lost";
    private Throwable cause;

    PollerAgent(final SharedPoller poller) {
        this.poller = poller;
    }

    /** A parker for the thread, or null if the poller has ended. Any thread. */
    PolledParker tryOpen(final Parker thread) {
        return poller.tryOpen(thread);
    }

    /** Any thread. */
    void execute(final Runnable task) {
        poller.execute(task);
    }

    /** Any thread. */
    void close() {
        poller.close();
    }

    @Override
    public String roleName() {
        return "millrace-poller";
    }

    /** Answers no work, so that an interrupt ends it. */
    @Override
    public int doWork() {
        try {
            if (poller.poll()) {
                return 0;
            }
            reason = "closed";
        } catch (final UncheckedIOException ex) {
            lost(ex.getCause());
        } catch (final RuntimeException | Error ex) {
            lost(ex);
        }
        throw new AgentTerminationException(true);
    }

    private void lost(final Throwable error) {
        reason = String.valueOf(error);
        cause = error;
        LOGGER.log(
                System.Logger.Level.ERROR,
                "the poller of sockets failed: connections on virtual threads end, and others go on with threads of their own",
                error);
    }

    @Override
    public void onClose() {
        poller.end(reason, cause);
    }
}
