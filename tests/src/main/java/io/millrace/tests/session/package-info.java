/**
 * jcstress tests of what the session structures publish: whoever finds a value through the one reference finds it whole.
 * The hardware of most machines hides the fault, and so does the compiler unless it moves the store: so each test has a
 * twin whose reference is published by a plain store, to show that the harness would see it.
 */
package io.millrace.tests.session;
