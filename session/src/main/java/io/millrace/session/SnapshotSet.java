package io.millrace.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * A small set whose readers see one immutable snapshot. Any thread; {@link #snapshot()} is wait-free, changes are
 * lock-free and copy the whole set.
 *
 * @param <E> type of the elements, compared by identity.
 */
public final class SnapshotSet<E> {
    private final AtomicReference<List<E>> elements = new AtomicReference<>(List.of());

    /** Makes an empty set. */
    public SnapshotSet() {}

    /**
     * Adds an element.
     *
     * @param element to add, not null.
     * @return false if it was there.
     */
    public boolean add(final E element) {
        return addUnless(element, each -> each == element);
    }

    /**
     * Adds an element unless one that stands for it is there.
     *
     * @param element to add, not null.
     * @param isLike  whether an element of the set keeps it from being added; may be asked again.
     * @return false if one was there.
     */
    public boolean addUnless(final E element, final Predicate<? super E> isLike) {
        while (true) {
            final List<E> before = elements.get();
            if (before.stream().anyMatch(isLike)) {
                return false;
            }
            final List<E> after = new ArrayList<>(before.size() + 1);
            after.addAll(before);
            after.add(element);
            if (elements.compareAndSet(before, List.copyOf(after))) {
                return true;
            }
        }
    }

    /**
     * Removes an element.
     *
     * @param element to remove.
     * @return false if it was not there.
     */
    public boolean remove(final E element) {
        while (true) {
            final List<E> before = elements.get();
            final int index = indexOf(before, element);
            if (index < 0) {
                return false;
            }
            final List<E> after = new ArrayList<>(before);
            after.remove(index);
            if (elements.compareAndSet(before, List.copyOf(after))) {
                return true;
            }
        }
    }

    /**
     * All elements at one moment, in the order they were added.
     *
     * @return an immutable list that never changes.
     */
    public List<E> snapshot() {
        return elements.get();
    }

    /** For debugging: the size, no elements. Wait-free. */
    @Override
    public String toString() {
        return "SnapshotSet size=" + snapshot().size();
    }

    private static <E> int indexOf(final List<E> list, final E element) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) == element) {
                return i;
            }
        }
        return -1;
    }
}
