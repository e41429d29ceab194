/**
 * What only shows with many connections or after a long time: thousands at once between two JVMs, a server whose operating system
 * gives it no more, and a soak of conversations of every kind whose bytes are all accounted for. Both ends check every
 * byte, for length and content of a {@link io.millrace.tests.scale.Messages message} follow from its number.
 */
package io.millrace.tests.scale;
