package io.millrace.session;

import io.millrace.ring.BroadcastRing;
import io.millrace.ring.Memory;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.agrona.concurrent.Agent;

/**
 * Tells any number of {@linkplain #watch watches} of the changes to a registry, through one broadcast ring that nobody can
 * hold up: a watch that is too slow is overtaken, and told so.
 *
 * <p>A broadcast has one writer and a registry has many, so the changes go through this agent: it reads them from the
 * registry's log in the order of their versions, none left out, and publishes a notice of each. {@link #doWork()} belongs
 * to one thread; {@link #watch()} and {@link #onClose()} to any.
 *
 * <p>If the registry is cleared, or outruns this agent by a whole change log, watches are told to start over.
 *
 * @param <T> type of the values.
 */
public final class RegistryPublisher<T> implements Agent, SyncHandler<T> {
    private static final int LIMIT = 64;

    private final Registry<T> registry;
    private final BroadcastRing ring;
    private final ByteBuffer notice;
    private RegistrySync<T> sync;
    private long serverVersion;

    /**
     * Makes a publisher that begins with the next change.
     *
     * @param registry       to publish.
     * @param capacity       of the ring in bytes: a power of two from 64 to 1 GiB; how far a watch may lag.
     * @param maxNoticeBytes longest type and id together, in bytes of UTF-8, not negative: of a change with longer ones
     *                       the watches learn only that they have to start over, and so of one with half a surrogate pair.
     * @throws IllegalArgumentException if a bound is out of range.
     */
    public RegistryPublisher(final Registry<T> registry, final int capacity, final int maxNoticeBytes) {
        this.registry = Objects.requireNonNull(registry, "registry");
        if (maxNoticeBytes < 0 || maxNoticeBytes > Integer.MAX_VALUE - RegistryNotice.HEADER_BYTES) {
            throw new IllegalArgumentException("out of range: maxNoticeBytes=" + maxNoticeBytes);
        }
        // First: it checks whether so long a notice has room in it, before anybody tries to find memory for one.
        ring = new BroadcastRing(capacity, RegistryNotice.HEADER_BYTES + maxNoticeBytes, Memory.HEAP);
        notice = ByteBuffer.allocate(ring.maxRecordLength());
        final RegistrySnapshot<T> snapshot = registry.snapshot();
        begin(snapshot.serverVersion(), snapshot.version());
    }

    /**
     * A watch of every change published from now on. Any thread.
     *
     * @return a reader of its own.
     */
    public RegistryWatch watch() {
        return new RegistryWatch(ring.newReader());
    }

    /**
     * Publishes what is new, up to a limit. One thread; lock-free.
     *
     * @return number of notices published.
     */
    @Override
    public int doWork() {
        final int items = sync.poll(this, LIMIT);
        if (sync.isBroken()) {
            final RegistrySnapshot<T> snapshot = registry.snapshot();
            publish(RegistryNotice.START_OVER, snapshot.serverVersion(), snapshot.version(), "", "");
            begin(snapshot.serverVersion(), snapshot.version());
        }
        return items;
    }

    /** Ends the broadcast: watches read what is there, nothing more, and {@linkplain RegistryWatch#isClosed() can tell}. */
    @Override
    public void onClose() {
        ring.close();
    }

    @Override
    public String roleName() {
        return "registry-publisher";
    }

    @Override
    public void onControl(final long ofServerVersion, final long version, final boolean startOver) {
        // The watches are told in doWork, with the version that the next notices follow.
    }

    @Override
    public void onChange(final RegistryRecord<T> change) {
        publish(
                change.isRemoval() ? RegistryNotice.REMOVE : RegistryNotice.PUT,
                serverVersion,
                change.version(),
                change.type(),
                change.id());
    }

    /** For debugging. The thread of {@link #doWork()}; wait-free. */
    @Override
    public String toString() {
        return "RegistryPublisher " + sync + " " + ring;
    }

    private void begin(final long ofServerVersion, final long version) {
        serverVersion = ofServerVersion;
        // Values stay here: one that cannot be copied does not keep the watches from what comes behind it.
        sync = new RegistrySync<>(registry, ofServerVersion, version, false);
    }

    private void publish(
            final byte kind, final long ofServerVersion, final long version, final String type, final String id) {
        ring.offer(RegistryNotice.encode(notice, kind, ofServerVersion, version, type, id));
    }
}
