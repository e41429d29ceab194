package io.millrace.session;

import java.util.Objects;

/**
 * Reads the changes of a {@link Registry} from a version on. Where it stands is its own, so a reader that stalls costs
 * the registry nothing; one that falls behind the change log, or sees the registry cleared, is told to start over.
 *
 * <p>One thread at a time; every method is wait-free, apart from what the handler does.
 *
 * @param <T> type of the values.
 */
public final class RegistrySync<T> {
    private final Registry<T> registry;
    private final long serverVersion;
    private final boolean copies;
    private long version;
    private boolean controlled;
    private boolean broken;
    private boolean polling;
    /** Whether the change behind the version could not be copied when it was last tried. */
    private boolean stuck;

    RegistrySync(final Registry<T> registry, final long serverVersion, final long version, final boolean copies) {
        if (version < 0) {
            throw new IllegalArgumentException("a version is not negative: version=" + version);
        }
        this.registry = registry;
        this.serverVersion = serverVersion;
        this.version = version;
        this.copies = copies;
    }

    /**
     * The version up to which changes were handed over.
     *
     * @return a version.
     */
    public long version() {
        return version;
    }

    /**
     * Whether the reader was told to start over.
     *
     * @return true if this sync has ended.
     */
    public boolean isBroken() {
        return broken;
    }

    /**
     * Hands over what is new. A handler that throws is not given that change again. A change whose value cannot be copied
     * is never left out: this throws, having handed over all before it, and the next poll tries it again, until it can be
     * copied, {@link #skip()} passes over it, or the log has forgotten it and the reader is told to start over.
     *
     * @param handler to call.
     * @param limit   of changes to hand over: at least 1.
     * @return number of items handed over, control items included.
     * @throws IllegalArgumentException if the limit is less than 1.
     * @throws IllegalStateException    if the handler calls this: nothing changed.
     * @throws RecordCopyException      if the copier throws: it names the record.
     */
    public int poll(final SyncHandler<? super T> handler, final int limit) {
        Objects.requireNonNull(handler, "handler");
        if (limit < 1) {
            throw new IllegalArgumentException("at least 1: limit=" + limit);
        }
        if (polling) {
            // It would hand over changes that the outer call then hands over again.
            throw new IllegalStateException("a sync is not polled by its handler: version=" + version);
        }
        if (broken) {
            return 0;
        }
        polling = true;
        stuck = false;
        try {
            return handOver(handler, limit);
        } finally {
            polling = false;
        }
    }

    /**
     * Passes over the change that the last poll could not copy: the reader then goes without it, and knows from the exception
     * which one it is. Wait-free.
     *
     * @throws IllegalStateException if the last poll did not throw {@link RecordCopyException}: nothing changed.
     */
    public void skip() {
        if (!stuck) {
            throw new IllegalStateException("no change failed to be copied: version=" + version);
        }
        stuck = false;
        version++;
    }

    /** For debugging. Its thread; wait-free. */
    @Override
    public String toString() {
        return "RegistrySync serverVersion=" + serverVersion + " version=" + version + " broken=" + broken;
    }

    private int handOver(final SyncHandler<? super T> handler, final int limit) {
        final RegistrySnapshot<T> snapshot = registry.snapshot();
        broken = snapshot.serverVersion() != serverVersion
                || version < snapshot.earliestVersion()
                || version > snapshot.version();
        int items = 0;
        if (broken || !controlled) {
            controlled = true;
            items++;
            handler.onControl(snapshot.serverVersion(), snapshot.version(), broken);
        }
        if (!broken && version < snapshot.version()) {
            final long end = Math.min(snapshot.version(), version + limit);
            items += (int) (end - version);
            snapshot.log.feed(version, change -> {
                final RegistryRecord<T> handedOut = copied(snapshot, change);
                version = change.version();
                deliver(handler, handedOut);
                return version < end;
            });
        }
        return items;
    }

    private RegistryRecord<T> copied(final RegistrySnapshot<T> snapshot, final RegistryRecord<T> change) {
        if (!copies) {
            return change;
        }
        try {
            return snapshot.handedOut(change);
        } catch (final Throwable ex) {
            stuck = true;
            throw new RecordCopyException(change, ex);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> void deliver(final SyncHandler<? super T> handler, final RegistryRecord<T> change) {
        // Records are immutable: one of T is one of any supertype of T.
        ((SyncHandler<T>) handler).onChange(change);
    }
}
