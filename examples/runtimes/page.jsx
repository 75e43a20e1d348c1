/** A page of React: sliders for one row, and the predictions of a saved model that the page loads. */
import '@polytask/adatt';
import { load } from '@polytask/core';
import '@polytask/experts';
import '@tensorflow/tfjs-backend-cpu';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

/** The model at an address, or undefined until it is loaded. It is disposed of with the component. */
function useModel(address) {
  const [model, setModel] = useState();
  useEffect(() => {
    const loading = load(new URL(address, location.href).href);
    loading.then(setModel);
    return () => void loading.then((loaded) => loaded.dispose());
  }, [address]);
  return model;
}

function Person() {
  const model = useModel('people-model');
  const [age, setAge] = useState(41);
  const row = { age, weeks_worked: 52, occupation: 'Sales', state: 'Utah' };
  const income = model?.predict([row]).income[0];
  return (
    <>
      <input type="range" min="16" max="85" value={age} onChange={({ target }) => setAge(Number(target.value))} />
      <output>{income === undefined ? 'Loading …' : `${age}: ${income.toFixed(4)}`}</output>
    </>
  );
}

createRoot(document.body).render(<Person />);
