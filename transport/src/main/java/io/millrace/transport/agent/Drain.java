package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Ends connections within one bound of time: each closes by itself for seven eighths of it, and what is left is cut off,
 * with the last eighth to say so to its handler. The time is the system's, for it is the caller's thread that waits.
 */
public final class Drain {
    private final Supplier<List<DrivenConnection>> connections;
    private final Driver driver;
    private final CloseReason cutOff;
    private final long startNs = System.nanoTime();
    private final long timeoutNs;

    /** By its close timeout, which may be shorter than this one. */
    private volatile boolean wasCutOff;

    /**
     * Begins to count the time.
     *
     * @param connections that live, asked again and again: one that was on its way in comes late.
     * @param driver      of them.
     * @param cutOff      reason for what is not ended in time.
     * @param timeoutNs   bound in nanoseconds: positive.
     */
    public Drain(
            final Supplier<List<DrivenConnection>> connections,
            final Driver driver,
            final CloseReason cutOff,
            final long timeoutNs) {
        this.connections = connections;
        this.driver = driver;
        this.cutOff = cutOff;
        this.timeoutNs = timeoutNs;
    }

    /**
     * Closes and waits; in a callback it waits for nothing.
     *
     * @param onOthersThread whether the calling thread drives one of the others.
     * @param others         ends to wait for as well.
     * @return false if something was cut off, or did not end in time.
     */
    public boolean run(final boolean onOthersThread, final List<? extends CompletionStage<Void>> others) {
        final List<DrivenConnection> closing = close();
        if (driver.isCallback(onOthersThread || closing.stream().anyMatch(DrivenConnection::isDriver))) {
            return true;
        }
        if (await(others, closing, timeoutNs - timeoutNs / 8)) {
            return !wasCutOff;
        }
        connections.get().forEach(agent -> agent.abort(cutOff));
        if (!await(others, connections.get(), timeoutNs)) {
            driver.driveForAbsent();
        }
        return false;
    }

    private List<DrivenConnection> close() {
        final List<DrivenConnection> agents = connections.get();
        agents.forEach(DrivenConnection::leave);
        return agents;
    }

    private boolean await(
            final List<? extends CompletionStage<Void>> others,
            final List<DrivenConnection> closing,
            final long boundNs) {
        List<DrivenConnection> agents = closing;
        boolean ended = await(Stream.concat(others.stream(), ends(agents)), boundNs);
        while (ended && !agents.isEmpty()) {
            agents = close();
            ended = await(ends(agents), boundNs);
        }
        return ended;
    }

    /** By then it is known of each whether its own close timeout cut it off. */
    private Stream<CompletionStage<?>> ends(final List<DrivenConnection> agents) {
        return agents.stream()
                .map(agent -> agent.connection().closed().thenAccept(report -> {
                    if (report.reason() == CloseReason.CLOSE_TIMEOUT) {
                        wasCutOff = true;
                    }
                }));
    }

    private boolean await(final Stream<? extends CompletionStage<?>> ends, final long boundNs) {
        final CompletableFuture<?>[] all =
                ends.map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new);
        return driver.await(CompletableFuture.allOf(all), boundNs - (System.nanoTime() - startNs));
    }
}
