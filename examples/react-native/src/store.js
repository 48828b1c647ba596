import { configureStore, createSlice } from '@reduxjs/toolkit';
import _ from 'lodash';

const order = createSlice({
  initialState: { items: [], placedAt: null },
  name: 'order',
  reducers: {
    added: (state, { payload }) => {
      state.items.push(payload);
    },
    cleared: (state) => {
      state.items = [];
    },
    placed: (state, { payload }) => {
      state.placedAt = payload;
    },
  },
});

export const { added, cleared, placed } = order.actions;

export const store = configureStore({ reducer: { order: order.reducer } });

/** Items of the order, grouped by id, dearest first. */
export const selectLines = (state) =>
  _.orderBy(
    _.map(_.groupBy(state.order.items, 'id'), (items) => ({ count: items.length, item: items[0] })),
    [({ count, item }) => count * item.cents],
    ['desc'],
  );
