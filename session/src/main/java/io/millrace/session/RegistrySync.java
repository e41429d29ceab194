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
    private long version;
    private boolean controlled;
    private boolean broken;
    private boolean polling;

    RegistrySync(final Registry<T> registry, final long serverVersion, final long version) {
        if (version < 0) {
            throw new IllegalArgumentException("a version is not negative: version=" + version);
        }
        this.registry = registry;
        this.serverVersion = serverVersion;
        this.version = version;
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
     * Hands over what is new. A handler that throws is not given that change again; a change that could not be
     * copied comes with the next poll.
     *
     * @param handler to call.
     * @param limit   of changes to hand over: at least 1.
     * @return number of items handed over, control items included.
     * @throws IllegalArgumentException if the limit is less than 1.
     * @throws IllegalStateException    if the handler calls this: nothing changed.
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
        try {
            return handOver(handler, limit);
        } finally {
            polling = false;
        }
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
                final RegistryRecord<T> handedOut = snapshot.handedOut(change);
                version = change.version();
                deliver(handler, handedOut);
                return version < end;
            });
        }
        return items;
    }

    @SuppressWarnings("unchecked")
    private static <T> void deliver(final SyncHandler<? super T> handler, final RegistryRecord<T> change) {
        // Records are immutable: one of T is one of any supertype of T.
        ((SyncHandler<T>) handler).onChange(change);
    }
}
