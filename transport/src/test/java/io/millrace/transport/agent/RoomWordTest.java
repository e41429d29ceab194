package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RoomWordTest {
    private final RoomWord word = new RoomWord();

    @Test
    void shouldWakeTheConsumerForTheFirstOfManyRefusalsAndAgainOnceAnswered() {
        assertFalse(word.isLeft());
        assertTrue(word.leave());
        assertFalse(word.leave(), "woken in vain");
        assertTrue(word.isLeft());

        word.answer();

        assertFalse(word.isLeft());
        assertTrue(word.leave());
    }
}
