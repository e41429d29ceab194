package io.millrace.jmh.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** Writes HTML and SVG that is well-formed XML, whatever the texts are. One thread. */
final class Markup {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element; attributes are names and values by turns. */
    Markup open(final String name, final Object... attributes) {
        tag(name, attributes);
        out.append('>');
        open.push(name);
        return this;
    }

    /** Closes what was opened last. */
    Markup close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** An element without content. */
    Markup leaf(final String name, final Object... attributes) {
        tag(name, attributes);
        out.append("/>");
        return this;
    }

    /** An element with a text. */
    Markup text(final String name, final String text, final Object... attributes) {
        return open(name, attributes).text(text).close();
    }

    Markup text(final String text) {
        escape(text);
        return this;
    }

    /** What is markup already. */
    Markup raw(final String markup) {
        out.append(markup);
        return this;
    }

    Markup line() {
        out.append('\n');
        return this;
    }

    private void tag(final String name, final Object... attributes) {
        out.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(String.valueOf(attributes[i + 1]));
            out.append('"');
        }
    }

    private void escape(final String text) {
        for (int i = 0; i < text.length(); i++) {
            final char letter = text.charAt(i);
            switch (letter) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                default -> out.append(letter >= ' ' || letter == '\n' || letter == '\t' ? letter : '\uFFFD');
            }
        }
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        return out.toString();
    }
}
