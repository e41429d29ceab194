package io.millrace.transport.aeron;

import io.aeron.Aeron;
import io.aeron.AvailableImageHandler;
import io.aeron.ConcurrentPublication;
import io.aeron.Counter;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.UnavailableImageHandler;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.ChannelEndpointException;
import io.aeron.exceptions.RegistrationException;
import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NoOpLock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * A client of Aeron's for one connection or one listener, whose conductor runs on the thread of that and on no other: so that
 * nothing is unmapped while that thread looks at it. When the driver is lost, the conductor closes what there is, but unmaps
 * nothing before {@link #close()}, for it is not invoked again. What other threads touch, the publications, must be theirs no
 * more by then.
 */
final class AeronClient implements AutoCloseable {
    private final String directory;
    private final Drivers.Lease lease;
    private final Aeron aeron;

    /** Without Aeron's invoker, which would unmap everything if the thread is interrupted at a bad time. */
    private final Agent conductor;

    /** Why it is of no use any more; null while it is. */
    private Throwable failure;

    /** What the driver last said of an address. */
    private Throwable endpointFailure;

    private AeronClient(final Drivers.Lease lease, final AeronContext settings) {
        this.lease = lease;
        directory = lease.directory();
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(directory)
                .clientName("millrace")
                .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(settings.driverTimeoutNs()))
                .useConductorAgentInvoker(true)
                .clientLock(NoOpLock.INSTANCE)
                .errorHandler(this::onError)
                .subscriberErrorHandler(this::onError));
        conductor = aeron.conductorAgentInvoker().agent();
    }

    /** Takes the lease over, also if this throws. */
    static AeronClient connect(final Drivers.Lease lease, final AeronContext settings) throws IOException {
        try {
            return new AeronClient(lease, settings);
        } catch (final RuntimeException ex) {
            lease.close();
            throw new IOException(AeronErrors.text("cannot use the media driver", lease.directory(), ex), ex);
        }
    }

    private void onError(final Throwable error) {
        if (error instanceof ChannelEndpointException || error instanceof RegistrationException) {
            endpointFailure = error;
        } else if (failure == null && error instanceof AeronException) {
            failure = error;
        }
    }

    String directory() {
        return directory;
    }

    /**
     * Runs the conductor.
     *
     * @throws ProtocolException if the driver is lost.
     */
    int invoke() {
        checkAlive();
        int work = 0;
        try {
            work = conductor.doWork();
        } catch (final Exception ex) {
            failure = failure == null ? ex : failure;
        }
        checkAlive();
        return work;
    }

    private void checkAlive() {
        if (failure != null || aeron.isClosed()) {
            throw lost();
        }
    }

    private ProtocolException lost() {
        final Throwable cause = failure == null ? new AeronException("the client is closed") : failure;
        return new ProtocolException(
                CloseReason.DRIVER_LOST, AeronErrors.text(CloseReason.DRIVER_LOST.text(), directory, cause));
    }

    boolean isLost() {
        return failure != null;
    }

    /** What the driver has said of an address since the last call; null for nothing. */
    Throwable takeEndpointFailure() {
        final Throwable taken = endpointFailure;
        endpointFailure = null;
        return taken;
    }

    long addPublication(final String channel, final int streamId) {
        return aeron.asyncAddPublication(channel, streamId);
    }

    long addExclusivePublication(final String channel, final int streamId) {
        return aeron.asyncAddExclusivePublication(channel, streamId);
    }

    long addSubscription(final String channel, final int streamId) {
        return aeron.asyncAddSubscription(channel, streamId);
    }

    long addSubscription(
            final String channel,
            final int streamId,
            final AvailableImageHandler onJoin,
            final UnavailableImageHandler onLeave) {
        return aeron.asyncAddSubscription(channel, streamId, onJoin, onLeave);
    }

    /** Null until it is there. */
    ConcurrentPublication publication(final long registrationId) throws IOException {
        try {
            return aeron.getPublication(registrationId);
        } catch (final RuntimeException ex) {
            throw refused(ex);
        }
    }

    /** Null until it is there. */
    ExclusivePublication exclusivePublication(final long registrationId) throws IOException {
        try {
            return aeron.getExclusivePublication(registrationId);
        } catch (final RuntimeException ex) {
            throw refused(ex);
        }
    }

    /** Null until it is there. */
    Subscription subscription(final long registrationId) throws IOException {
        try {
            return aeron.getSubscription(registrationId);
        } catch (final RuntimeException ex) {
            throw refused(ex);
        }
    }

    private IOException refused(final RuntimeException ex) {
        return new IOException(AeronErrors.text(ex), ex);
    }

    long addCounter(final int typeId, final DirectBuffer key, final int keyLength, final String label) {
        final byte[] text = label.getBytes(StandardCharsets.US_ASCII);
        return aeron.asyncAddCounter(typeId, key, 0, keyLength, new UnsafeBuffer(text), 0, text.length);
    }

    /** Null until it is there. */
    Counter counter(final long registrationId) {
        return aeron.getCounter(registrationId);
    }

    CountersReader counters() {
        return aeron.countersReader();
    }

    /**
     * Lets nobody take more from a publication: unlike closing it, which drains. What Aeron offers for exclusive publications
     * only, its driver does for any.
     */
    void revoke(final ConcurrentPublication publication) {
        aeron.context().driverProxy().removePublication(publication.registrationId(), true);
    }

    /** Unmaps all: nobody touches anything of it any more. Idempotent. */
    @Override
    public void close() {
        try {
            aeron.close();
        } catch (final RuntimeException ex) {
            onError(ex);
        } finally {
            lease.close();
        }
    }
}
