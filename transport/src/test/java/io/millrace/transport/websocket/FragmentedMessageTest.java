package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transport.Connection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A message whose fragments go out one by one. */
class FragmentedMessageTest {
    private static final ByteBuffer ABC = ByteBuffer.wrap("abc".getBytes(StandardCharsets.US_ASCII));
    private static final ByteBuffer UMLAUT = ByteBuffer.wrap("ü".getBytes(StandardCharsets.UTF_8));

    private final FakeFragments fragments = new FakeFragments();
    private final FragmentedMessage text = new FragmentedMessage(fragments, FrameForms.FIRST_TEXT, true);

    @ParameterizedTest
    @ValueSource(ints = {FrameForms.FIRST_TEXT, FrameForms.FIRST_BINARY})
    void shouldSendAFirstFragmentOfItsKindThenMiddleOnesAndALast(final int first) {
        final FragmentedMessage message = new FragmentedMessage(fragments, first, true);
        fragments.result = 77;

        assertEquals(77, message.offer(ABC, 0, 1, false));
        message.offer(ABC, 1, 1, false);
        message.offer(ABC, 2, 0, false);
        assertEquals(0, fragments.releases);
        assertEquals(77, message.offer(ABC, 2, 1, true));
        assertEquals(
                List.of(first + " a", FrameForms.MIDDLE + " b", FrameForms.MIDDLE + " ", FrameForms.LAST + " c"),
                fragments.sent);
        assertEquals(1, fragments.releases);
        assertThrows(IllegalStateException.class, () -> message.offer(ABC, 0, 1, true));
    }

    @ParameterizedTest
    @CsvSource({FrameForms.FIRST_TEXT + "," + FrameForms.TEXT, FrameForms.FIRST_BINARY + "," + FrameForms.BINARY})
    void shouldSendAWholeMessageIfItsFirstFragmentIsTheLast(final int first, final int whole) {
        new FragmentedMessage(fragments, first, true).offer(ABC, 0, 3, true);

        assertEquals(List.of(whole + " abc"), fragments.sent);
        assertEquals(1, fragments.releases);
    }

    @Test
    void shouldBeWhereItWasWhenAFragmentIsRefused() {
        for (final boolean last : new boolean[] {false, true}) {
            fragments.result = Connection.BACK_PRESSURED;
            assertEquals(Connection.BACK_PRESSURED, text.offer(UMLAUT, 0, last ? 2 : 1, last));
        }
        fragments.result = 0;
        text.offer(UMLAUT, 0, 1, false);
        fragments.result = Connection.BACK_PRESSURED;
        text.offer(UMLAUT, 1, 1, true);
        assertEquals(0, fragments.releases);
        fragments.result = 0;
        text.offer(UMLAUT, 1, 1, true);

        assertEquals(List.of(FrameForms.FIRST_TEXT + " Ã", FrameForms.LAST + " ¼"), fragments.sent);
        assertEquals(1, fragments.releases);
    }

    @Test
    void shouldLetOthersSendWhenItIsClosed() {
        fragments.result = Connection.CLOSED;

        assertEquals(Connection.CLOSED, text.offer(ABC, 0, 1, false));
        assertEquals(1, fragments.releases);
    }

    @Test
    void shouldRefuseTextThatIsNotUtf8AndSendNothingOfIt() {
        assertThrows(IllegalArgumentException.class, () -> text.offer(UMLAUT, 1, 1, false), "not a first byte");
        assertThrows(IllegalArgumentException.class, () -> text.offer(UMLAUT, 0, 1, true), "half a character");
        text.offer(UMLAUT, 0, 1, false);
        assertThrows(IllegalArgumentException.class, () -> text.offer(UMLAUT, 0, 1, false), "another first byte");
        assertEquals(1, fragments.sent.size());
        text.offer(UMLAUT, 1, 1, true);

        assertEquals(2, fragments.sent.size());
    }

    @Test
    void shouldTakeAnyBytesUnlessItChecksThem() {
        new FragmentedMessage(fragments, FrameForms.FIRST_BINARY, false).offer(UMLAUT, 1, 1, true);

        assertEquals(List.of(FrameForms.BINARY + " ¼"), fragments.sent);
    }

    @Test
    void shouldLetOthersSendWhenItIsAbandonedBeforeItBegan() {
        text.abandon();

        assertEquals(1, fragments.releases);
        assertThrows(IllegalStateException.class, () -> text.offer(ABC, 0, 1, true));
    }

    @Test
    void shouldGoOnThoughItIsAbandonedOnceItHasBegun() {
        text.offer(ABC, 0, 1, false);
        text.abandon();
        assertEquals(0, fragments.releases);
        text.offer(ABC, 1, 1, true);

        assertEquals(List.of(FrameForms.FIRST_TEXT + " a", FrameForms.LAST + " b"), fragments.sent);
    }
}
