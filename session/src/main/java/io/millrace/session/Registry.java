package io.millrace.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.EpochClock;

/**
 * Typed, versioned records. All of it is one immutable {@link RegistrySnapshot} behind one reference: every answer comes
 * from one snapshot, whose version is the version of exactly its content, and no lock is there to be released too early.
 *
 * <p>Any thread. Reads are wait-free, and a snapshot takes no time to make. Changes are lock-free and copy O(log n);
 * changes from several threads at once make each other repeat that. Nothing blocks.
 *
 * <p>Records of a type with {@linkplain TypeOptions a time to live} leave with the next change to their type or with
 * {@link #expire()}, whichever is first: leaving is a change like any other, with a version and a place in the log.
 *
 * <h2>Memory ordering</h2>
 *
 * {@code current}: published by compare-and-set (volatile), loaded with acquire: who finds a record finds it whole.
 *
 * @param <T> type of the values: immutable, unless the {@linkplain RegistryContext#copier context copies} them.
 */
@SuppressWarnings("UnusedVariable") // Read through the VarHandle.
public final class Registry<T> {
    private static final int EXPIRE_BATCH = 256;
    private static final VarHandle CURRENT;

    static {
        try {
            CURRENT = MethodHandles.lookup().findVarHandle(Registry.class, "current", RegistrySnapshot.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final EpochClock clock;
    private final int logCapacity;
    private final Leases leases;
    private RegistrySnapshot<T> current;

    /**
     * Makes an empty registry.
     *
     * @param context read now.
     */
    public Registry(final RegistryContext<T> context) {
        clock = context.clock();
        logCapacity = context.logCapacity();
        leases = new Leases(clock);
        CURRENT.setRelease(
                this,
                new RegistrySnapshot<>(
                        RecordShelf.empty(context.indexes(), context.typeOptions()),
                        context.copier(),
                        context.serverVersion(),
                        RecordIndex.empty(),
                        HashTrie.empty(),
                        ChangeLog.empty()));
    }

    /**
     * Everything at this moment. Wait-free: one load.
     *
     * @return what never changes again.
     */
    @SuppressWarnings("unchecked")
    public RegistrySnapshot<T> snapshot() {
        return (RegistrySnapshot<T>) CURRENT.getAcquire(this);
    }

    /**
     * One record. Wait-free.
     *
     * @param type of the record.
     * @param id   of the record.
     * @return the record, or null if there is none.
     */
    public RegistryRecord<T> get(final String type, final String id) {
        return snapshot().get(type, id);
    }

    /**
     * All records of a type at this moment, in no order. Wait-free, and copies nothing.
     *
     * @param type to list.
     * @return an immutable collection.
     */
    public Collection<RegistryRecord<T>> list(final String type) {
        return snapshot().list(type);
    }

    /**
     * The types that have records at this moment, sorted. Wait-free.
     *
     * @return an immutable list.
     */
    public List<String> types() {
        return snapshot().types();
    }

    /**
     * Puts a record, new or in place of the one with its id. Lock-free.
     *
     * @param type  of the record, not null.
     * @param id    of the record, not null.
     * @param value not null.
     * @return the record, with its version.
     */
    public RegistryRecord<T> put(final String type, final String id, final T value) {
        return edit(edit -> edit.put(type, id, value));
    }

    /**
     * Changes a record that is there. Lock-free.
     *
     * @param type  of the record.
     * @param id    of the record.
     * @param patch makes the new value of the old one: pure, for it runs again if another thread was faster.
     * @return the record, with its version.
     * @throws NoSuchElementException if there is no such record: nothing changed.
     */
    public RegistryRecord<T> patch(final String type, final String id, final UnaryOperator<T> patch) {
        return edit(edit -> edit.patch(type, id, patch));
    }

    /**
     * Removes a record. Lock-free.
     *
     * @param type of the record.
     * @param id   of the record.
     * @return the record that was there, or null.
     */
    public RegistryRecord<T> remove(final String type, final String id) {
        return edit(edit -> edit.remove(type, id));
    }

    /**
     * Sets the bounds of a type; records past them leave at once. Lock-free; the first bounds of a type that has had none
     * order all its records.
     *
     * @param type    of the records.
     * @param options to hold from now on.
     */
    public void options(final String type, final TypeOptions options) {
        edit(edit -> {
            edit.options(type, options);
            return null;
        });
    }

    /**
     * Makes several changes that become visible together, or, if the function throws, none. Lock-free.
     *
     * @param changes makes them: does nothing else, for it runs again if another thread was faster.
     * @param <R>     type of the result.
     * @return what the function returned when its changes went in.
     */
    public <R> R edit(final Function<? super RegistryEdit<T>, ? extends R> changes) {
        while (true) {
            final RegistrySnapshot<T> before = snapshot();
            // Read after the snapshot, so that the times of records grow with their versions.
            final RegistryEdit<T> edit = new RegistryEdit<>(before, logCapacity, clock.time());
            final R result = changes.apply(edit);
            if (publish(before, edit.end())) {
                return result;
            }
        }
    }

    /**
     * Removes everything, and the bounds set by {@link #options}, and begins a new server version. Readers that sync are told to start over. Leases
     * stay. Lock-free.
     *
     * @return the new server version.
     */
    public long clear() {
        while (true) {
            final RegistrySnapshot<T> before = snapshot();
            final RegistrySnapshot<T> after = new RegistrySnapshot<>(
                    before.noRecords,
                    before.copier,
                    before.serverVersion() + 1,
                    RecordIndex.empty(),
                    HashTrie.empty(),
                    ChangeLog.empty());
            if (publish(before, after)) {
                return after.serverVersion();
            }
        }
    }

    /**
     * Removes records and leases past their time; to be called now and then. Lock-free.
     *
     * @return number of records removed by this call.
     */
    public int expire() {
        leases.expire();
        int expired = 0;
        while (true) {
            final int batch = edit(edit -> edit.expire(EXPIRE_BATCH));
            expired += batch;
            if (batch < EXPIRE_BATCH) {
                return expired;
            }
        }
    }

    /**
     * Changes from a version on. Wait-free.
     *
     * @param serverVersion that the reader's records are of.
     * @param version       that the reader's records are of: not negative.
     * @return a reader of its own.
     * @throws IllegalArgumentException if the version is negative.
     */
    public RegistrySync<T> sync(final long serverVersion, final long version) {
        return new RegistrySync<>(this, serverVersion, version, true);
    }

    /**
     * Records and their version, of one snapshot. Wait-free.
     *
     * @param type   to list.
     * @param filter to match.
     * @return what to start a {@link #sync} from.
     * @throws IllegalArgumentException if the filter names a field that is not indexed.
     */
    public SyncLatest<T> syncLatest(final String type, final Filter filter) {
        final RegistrySnapshot<T> snapshot = snapshot();
        return new SyncLatest<>(snapshot.serverVersion(), snapshot.version(), snapshot.list(type, filter));
    }

    /**
     * The leases, which are no records: they have no version and are not in the log.
     *
     * @return the leases of this registry.
     */
    public Leases leases() {
        return leases;
    }

    /** For debugging: versions and counts, no records. Wait-free. */
    @Override
    public String toString() {
        return "Registry " + snapshot().counts() + " logCapacity=" + logCapacity;
    }

    private boolean publish(final RegistrySnapshot<T> before, final RegistrySnapshot<T> after) {
        return before == after || CURRENT.compareAndSet(this, before, after);
    }
}
