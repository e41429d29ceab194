package io.millrace.transport.agent;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import java.net.ConnectException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** Completes a connect's future: before the handler's onOpen, or after its onClose. */
public final class Connecting implements ConnectionOwner {
    private final CompletableFuture<Connection> future = new CompletableFuture<>();
    private final URI uri;

    /**
     * Makes a future that is not complete.
     *
     * @param uri to name if it fails.
     */
    public Connecting(final URI uri) {
        this.uri = uri;
    }

    /**
     * What to wait for.
     *
     * @return the future.
     */
    public CompletableFuture<Connection> future() {
        return future;
    }

    @Override
    public void onOpen(final DrivenConnection agent) {
        future.complete(agent.connection());
    }

    @Override
    public void onEnd(final DrivenConnection agent) {
        agent.connection().closed().whenComplete((report, error) -> fail(report));
    }

    private void fail(final CloseReport report) {
        if (!future.isDone()) {
            final ConnectException failure =
                    new ConnectException("cannot connect: uri=" + uri + ": " + report.detail());
            report.firstError().ifPresent(failure::initCause);
            future.completeExceptionally(failure);
        }
    }
}
