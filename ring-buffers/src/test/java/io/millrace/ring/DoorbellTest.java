package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class DoorbellTest {
    private final FakeParker parker = new FakeParker();
    private final Doorbell doorbell = new Doorbell(parker);

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
}
