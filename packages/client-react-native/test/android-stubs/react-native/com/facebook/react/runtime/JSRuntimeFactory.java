package com.facebook.react.runtime;

public abstract class JSRuntimeFactory {}
