/**
 * Memory order of what WebSocket keeps to itself, under jcstress as in {@link io.millrace.tests.ring}: in the package of what is
 * tested, for that is not public.
 */
package io.millrace.transport.websocket;
