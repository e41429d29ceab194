package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A set of few elements, compared by identity, whose snapshots never change. */
class SnapshotSetTest {
    private final SnapshotSet<Object> set = new SnapshotSet<>();
    private final Object first = new Object();
    private final Object second = new Object();

    @Test
    void shouldKeepElementsOnceEachInTheirOrder() {
        assertTrue(set.add(first));
        final List<Object> before = set.snapshot();
        assertTrue(set.add(second));
        assertFalse(set.add(first));

        assertEquals(List.of(first, second), set.snapshot());
        assertEquals(List.of(first), before);
    }

    @Test
    void shouldRemoveAnElementOnce() {
        set.add(first);
        set.add(second);
        assertTrue(set.remove(first));
        assertFalse(set.remove(first));

        assertEquals(List.of(second), set.snapshot());
    }

    @Test
    void shouldNotAddWhatAnotherStandsFor() {
        assertTrue(set.addUnless("a", "A"::equals));
        assertTrue(set.addUnless("A", "A"::equals));
        assertFalse(set.addUnless("b", "A"::equals));

        assertEquals(List.of("a", "A"), set.snapshot());
    }

    /** The set changes between the look at it and the exchange: both are done again. */
    @Test
    void shouldLookAgainWhenAnotherChangesItMeanwhile() {
        set.add(first);
        assertFalse(set.addUnless("late", each -> {
            if (each == first) {
                set.remove(first);
                set.add("early");
            }
            return each.equals("early");
        }));

        assertEquals(List.of("early"), set.snapshot());
    }
}
