package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may stand in a header field, letter by letter. */
class HttpFieldsTest {
    private static final String MARKS = "!#$%&'*+-.^_`|~";

    private static boolean isLetterOrDigit(final char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** RFC 9110 section 5.6.2. */
    @Test
    void shouldTakeTokensOfTheirOwnCharactersAlone() {
        for (char c = 0; c < 0x180; c++) {
            assertEquals(
                    isLetterOrDigit(c) || MARKS.indexOf(c) >= 0,
                    HttpFields.isToken("a" + c),
                    "c=" + Integer.toHexString(c));
        }
        assertFalse(HttpFields.isToken(""));
    }

    /** RFC 9110 section 5.5. */
    @Test
    void shouldTakeValuesOfAllBytesButControlCharactersAndOfThoseTheTab() {
        for (char c = 0; c < 0x180; c++) {
            assertEquals(
                    c == '\t' || (c >= 0x20 && c < 0x7F) || (c >= 0x80 && c <= 0xFF),
                    HttpFields.isValue("a" + c + "b"),
                    "c=" + Integer.toHexString(c));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" a", "a ", "\ta", "a\t", " "})
    void shouldRefuseValuesWithSpacesAtTheirEnds(final String value) {
        assertThrows(IllegalArgumentException.class, () -> HttpFields.EMPTY.with("A", value));
    }

    @Test
    void shouldBeEqualIfTheFieldsAreAndInTheSameOrder() {
        final HttpFields fields = HttpFields.EMPTY.with("A", "b").with("C", "d");

        assertEquals(HttpFields.EMPTY.with("A", "b").with("C", "d"), fields);
        assertEquals(HttpFields.EMPTY.with("A", "b").with("C", "d").hashCode(), fields.hashCode());
        assertNotEquals(HttpFields.EMPTY.with("C", "d").with("A", "b"), fields);
        assertNotEquals(HttpFields.EMPTY.hashCode(), fields.hashCode());
        assertNotEquals(fields, "[a=b, c=d]");
        assertEquals("[a=b, c=d]", fields.toString());
    }

    /** A character weighs two bytes. */
    @Test
    void shouldWeighARequestByAllItsCharacters() {
        final HttpFields fields = HttpFields.EMPTY.with("A", "bc").with("D", "");
        final HttpRequest request = new HttpRequest("GET", "/ab", "c", 1, fields);

        assertEquals(8, fields.weightBytes());
        assertEquals(22, request.weightBytes());
    }
}
