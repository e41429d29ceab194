package io.millrace.session;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Several changes to a {@link Registry} that become visible together. It is given to a function that may run more than
 * once, if another thread changes the registry meanwhile: so the function must do nothing but call it. One thread.
 *
 * @param <T> type of the values.
 */
public final class RegistryEdit<T> {
    /** How many records past their time a change takes along: so much work, and no more, for somebody else's records. */
    private static final int MAX_EXPIRED = 8;

    private final RegistrySnapshot<T> before;
    private final int logCapacity;
    private final long nowMs;
    private Object[] index;
    private HashTrie<String, RecordShelf<T>> shelves;
    private ChangeLog<RegistryRecord<T>> log;
    private boolean ended;

    RegistryEdit(final RegistrySnapshot<T> before, final int logCapacity, final long nowMs) {
        this.before = before;
        this.logCapacity = logCapacity;
        this.nowMs = nowMs;
        index = before.index;
        shelves = before.shelves;
        log = before.log;
    }

    /**
     * One record, with the changes made so far.
     *
     * @param type of the record.
     * @param id   of the record.
     * @return the record, or null if there is none.
     */
    public RegistryRecord<T> get(final String type, final String id) {
        final RegistryRecord<T> record = find(type, id);
        return record == null ? null : before.handedOut(record);
    }

    /**
     * Puts a record, new or in place of the one with its id. If the type is then past its capacity, the records that were
     * not changed for longest go.
     *
     * @param type  of the record, not null.
     * @param id    of the record, not null.
     * @param value not null.
     * @return the record as it will be.
     */
    public RegistryRecord<T> put(final String type, final String id, final T value) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(value, "value");
        checkGoesOn();
        final RegistryRecord<T> record = change(type, id, before.copied(value));
        final RegistryRecord<T> handedOut = before.handedOut(record);
        become(record, shelves.with(type, shelf(type).with(record)), RecordIndex.with(index, record));
        trim(type, MAX_EXPIRED);
        return handedOut;
    }

    /**
     * Changes a record that is there.
     *
     * @param type  of the record.
     * @param id    of the record.
     * @param patch makes the new value of the old one: pure, never null.
     * @return the record as it will be.
     * @throws NoSuchElementException if there is no such record.
     */
    public RegistryRecord<T> patch(final String type, final String id, final UnaryOperator<T> patch) {
        final RegistryRecord<T> record = get(type, id);
        if (record == null) {
            throw new NoSuchElementException("nothing to patch: type=" + type + " id=" + id);
        }
        return put(type, id, patch.apply(record.value()));
    }

    /**
     * Removes a record.
     *
     * @param type of the record.
     * @param id   of the record.
     * @return the record that was there, or null.
     */
    public RegistryRecord<T> remove(final String type, final String id) {
        checkGoesOn();
        final RegistryRecord<T> record = find(type, id);
        if (record == null) {
            return null;
        }
        final RegistryRecord<T> handedOut = before.handedOut(record);
        removeFound(record);
        return handedOut;
    }

    /**
     * Sets the bounds of a type; records past them go at once, and the first ones order all its records.
     *
     * @param type    of the records.
     * @param options to hold from now on.
     */
    public void options(final String type, final TypeOptions options) {
        Objects.requireNonNull(options, "options");
        checkGoesOn();
        shelves = shelves.with(type, shelf(Objects.requireNonNull(type, "type")).with(options));
        trim(type, Integer.MAX_VALUE);
    }

    /** Removes records past their time, of all types, up to a limit. */
    int expire(final int limit) {
        final int[] removed = {0};
        shelves.forEach((type, shelf) -> removed[0] += trim(type, limit - removed[0]));
        return removed[0];
    }

    /** What came of it; nothing can be added any more. */
    RegistrySnapshot<T> end() {
        ended = true;
        return shelves == before.shelves
                ? before
                : new RegistrySnapshot<>(before.noRecords, before.copier, before.serverVersion(), index, shelves, log);
    }

    private void checkGoesOn() {
        if (ended) {
            throw new IllegalStateException("the edit is over: make changes in the function that is given it");
        }
    }

    private int trim(final String type, final int maxExpired) {
        int removed = 0;
        RecordShelf<T> shelf = shelf(type);
        RegistryRecord<T> surplus = shelf.surplus(nowMs);
        while (surplus != null && (removed < maxExpired || shelf.byId.size() > shelf.options.capacity())) {
            removeFound(surplus);
            removed++;
            shelf = shelf(type);
            surplus = shelf.surplus(nowMs);
        }
        return removed;
    }

    @SuppressWarnings("unchecked") // There are no others in it.
    private RegistryRecord<T> find(final String type, final String id) {
        return (RegistryRecord<T>)
                RecordIndex.get(index, Objects.requireNonNull(type, "type"), Objects.requireNonNull(id, "id"));
    }

    private void removeFound(final RegistryRecord<T> record) {
        final RecordShelf<T> rest = shelf(record.type()).without(record);
        // A type that nobody gave bounds is forgotten with its last record; bounds are remembered.
        final HashTrie<String, RecordShelf<T>> changed =
                rest.byId.size() == 0 && rest.options.equals(before.noRecords.options)
                        ? shelves.without(record.type())
                        : shelves.with(record.type(), rest);
        become(change(record.type(), record.id(), null), changed, RecordIndex.without(index, record));
    }

    private RegistryRecord<T> change(final String type, final String id, final T value) {
        return new RegistryRecord<>(type, id, log.end() + 1, nowMs, value);
    }

    /** Last of all: making the parts calls users' code, and the edit may go on after that has thrown. */
    private void become(
            final RegistryRecord<T> change,
            final HashTrie<String, RecordShelf<T>> changedShelves,
            final Object[] changedIndex) {
        log = log.append(change, logCapacity);
        shelves = changedShelves;
        index = changedIndex;
    }

    private RecordShelf<T> shelf(final String type) {
        final RecordShelf<T> shelf = shelves.get(type);
        return shelf == null ? before.noRecords : shelf;
    }
}
