package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DoorbellTest {
    private final FakeParker parker = new FakeParker();
    private final Doorbell doorbell = new Doorbell(parker);

    @Test
    void shouldThrowWhenParkerIsMissing() {
        assertThrows(NullPointerException.class, () -> new Doorbell(null));
    }

    @Test
    void shouldNotUnparkWhenConsumerIsAwake() {
        doorbell.ring();
        assertEquals(0, parker.unparks);

        doorbell.sleep(() -> Long.MAX_VALUE);
        doorbell.ring();

        assertEquals(0, parker.unparks, "awake again");
    }

    @Test
    void shouldUnparkOnceWhenRungOftenDuringOneSleep() {
        parker.whileParked = () -> {
            doorbell.ring();
            doorbell.ring();
            doorbell.ring();
        };

        doorbell.sleep(() -> 5);
        assertEquals(1, parker.unparks);
        doorbell.sleep(() -> 6);

        assertEquals(2, parker.unparks);
        assertEquals(List.of(5L, 6L), parker.parks);
    }

    @Test
    void shouldUnparkWhenRungBetweenTheQuestionAndThePark() {
        doorbell.sleep(() -> {
            doorbell.ring();
            return 5;
        });

        assertEquals(1, parker.unparks);
    }

    @Test
    void shouldNotParkWhenThereIsSomethingToDo() {
        doorbell.sleep(() -> 0);
        doorbell.sleep(() -> -1);
        doorbell.ring();

        assertEquals(List.of(), parker.parks);
        assertEquals(0, parker.unparks);
    }

    @Test
    void shouldBeAwakeWhenQuestionOrParkThrows() {
        parker.whileParked = () -> {
            throw new IllegalStateException("park");
        };
        assertThrows(IllegalStateException.class, () -> doorbell.sleep(() -> 1));
        assertThrows(
                IllegalStateException.class,
                () -> doorbell.sleep(() -> {
                    throw new IllegalStateException("question");
                }));
        doorbell.ring();

        assertEquals(0, parker.unparks);
    }

    @Test
    void shouldStayAsleepWhenItsConsumerHasDetachedAndBeAwakeWhenItIsAttached() {
        final Runnable resume = () -> {};
        assertTrue(doorbell.tryDetach(() -> 5, resume));
        assertEquals(List.of(resume), parker.detached);
        doorbell.ring();
        doorbell.ring();
        assertEquals(1, parker.unparks);
        assertTrue(doorbell.tryDetach(() -> 6, resume));
        doorbell.attach();
        doorbell.ring();

        assertEquals(1, parker.unparks);
        assertEquals(List.of(5L, 6L), parker.parks);
    }

    @Test
    void shouldStayAwakeWhenItsConsumerCantDetach() {
        assertFalse(doorbell.tryDetach(() -> 0, () -> {}));
        parker.mayDetach = false;
        assertFalse(doorbell.tryDetach(() -> 5, () -> {}));
        assertThrows(
                IllegalStateException.class,
                () -> doorbell.tryDetach(
                        () -> {
                            throw new IllegalStateException("no");
                        },
                        () -> {}));
        doorbell.ring();

        assertEquals(0, parker.unparks);
        assertEquals(List.of(5L), parker.parks);
    }

    @Test
    void shouldUnparkWhenRungBetweenTheQuestionAndTheDetachment() {
        doorbell.tryDetach(
                () -> {
                    doorbell.ring();
                    return 5;
                },
                () -> {});

        assertEquals(1, parker.unparks);
    }
}
