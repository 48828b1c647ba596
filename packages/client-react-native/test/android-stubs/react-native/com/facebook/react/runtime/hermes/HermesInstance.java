package com.facebook.react.runtime.hermes;

import com.facebook.react.runtime.JSRuntimeFactory;

public class HermesInstance extends JSRuntimeFactory {}
